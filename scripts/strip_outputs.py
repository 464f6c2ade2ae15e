"""A notebook without outputs, from standard input to standard output; for git, so only the standard library.

What is no notebook goes through unchanged: a filter must never lose anybody's file.
"""

import json
import sys

_DROPPED = ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled")


def stripped(text: str) -> str:
    """The notebook as it is committed: no outputs, no counts, no times, one line a source line."""
    try:
        node = json.loads(text)
        for cell in node["cells"]:
            for name in _DROPPED:
                cell["metadata"].pop(name, None)
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        node["metadata"].pop("papermill", None)
        node["metadata"].pop("widgets", None)
        return json.dumps(node, indent=1, ensure_ascii=False) + "\n"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return text


if __name__ == "__main__":
    sys.stdout.buffer.write(
        stripped(sys.stdin.buffer.read().decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    )
