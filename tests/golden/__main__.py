"""Write all golden files anew: ``python -m tests.golden``."""

from tests.golden import FOLDER, FORMS, SUFFIX


def main() -> None:
    """Write the text of every form, and say what has changed."""
    # All are generated before one is written: a failure leaves the files as they are.
    texts = {case.path(form): case.generated(form).text for case, form in FORMS}
    for path in sorted(FOLDER.glob(f"*{SUFFIX}")):
        if path not in texts:
            path.unlink()
            print(f"removed {path.name}")
    for path, text in texts.items():
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
