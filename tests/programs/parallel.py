"""Threads, executors, processes and coroutines inside a function: refused, wherever they stand."""

import asyncio
import concurrent.futures
import math
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

from tests.programs import program, refused

PARALLEL = "what runs in another thread or process is not followed"
EXECUTOR = ThreadPoolExecutor(1)


def square(x):
    return x * x


async def later(x):
    return x * x


def started(x):
    worker = threading.Thread(target=print, args=(x,))
    worker.start()
    return x * x


@refused((0.7,), match=rf"`threading.Thread\(...\)`: {PARALLEL}")
def a_thread(x):
    found = []
    worker = threading.Thread(target=lambda: found.append(x * x))
    worker.start()
    worker.join()
    return found[0]


@refused((0.7,), match=rf"`threading.Timer\(...\)`: {PARALLEL}")
def a_timer(x):
    threading.Timer(0.0, print)
    return x * x


@refused((0.7,), match=rf"`ThreadPoolExecutor\(...\)`: {PARALLEL}")
def an_executor(x):
    with ThreadPoolExecutor() as executor:
        return executor.submit(math.sin, x).result()


@refused((0.7,), match=rf"`concurrent.futures.ProcessPoolExecutor\(...\)`: {PARALLEL}")
def an_executor_of_processes(x):
    with concurrent.futures.ProcessPoolExecutor() as executor:
        return sum(executor.map(math.sin, [x, x * x]))


@refused((0.7,), match=rf"`EXECUTOR.submit\(...\)`: {PARALLEL}")
def a_global_executor(x):
    return EXECUTOR.submit(square, x).result()


@refused((0.7,), match=rf"`EXECUTOR.map\(...\)`: {PARALLEL}")
def mapped_by_a_global_executor(x):
    return sum(EXECUTOR.map(square, [x, x * x]))


@refused((0.7,), match=rf"`multiprocessing.Pool\(...\)`: {PARALLEL}")
def a_pool(x):
    with multiprocessing.Pool(1) as pool:
        return pool.apply(square, (x,))


@refused((0.7,), match=rf"`ThreadPool\(...\)`: {PARALLEL}")
def a_pool_of_threads(x):
    return ThreadPool(1).apply(square, (x,))


@refused((0.7,), match=rf"`asyncio.run\(...\)`: {PARALLEL}")
def a_coroutine(x):
    return asyncio.run(later(x))


@refused((0.7,), match=rf"`threading.Thread\(...\)`: {PARALLEL}")
def a_thread_in_a_helper(x):
    return started(x) * x


def Thread(x):
    return x * x * x


@program((0.7,))
def only_called_like_one(x):
    submit = Thread(x)
    return submit * x
