"""Arabic and Hebrew: paragraphs run from the right, names in an English sentence do not turn it."""

import pytest

from nbtypst import ast
from nbtypst.clean import Cleaner
from nbtypst.fragments import as_inlines


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("هجمات صاروخية cannot be set against earlier ones.", False),
        ("هجمات صاروخية were recorded in three districts: صلاح الدين 6, المثنى 4 and ذي قار 4.", False),
        ("السجل يعتمد على الصحافة المحلية.", True),
        ("السجل يعتمد على الصحافة المحلية ووكالة AFP وحدها.", True),
        ("12 May", False),
    ],
)
def test_names_do_not_turn_a_sentence(text, turned):
    node = Cleaner().clean([ast.para(ast.words(text))])
    assert (node[0]["t"] == "Div") == turned


def test_a_cell_from_right_to_left_keeps_its_marks():
    mark = ast.span([ast.string("كالآن")], classes=["dot", "dot-same"])
    blocks = Cleaner().clean([ast.para([mark])])
    assert blocks[0]["t"] == "Div" and as_inlines(blocks) == [mark]
