import pytest

from latentlab.showing.report.wording import number, sentence_case, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1164289, "1,164,289"),
        (-3, "\N{MINUS SIGN}3"),
        (0.0375644, "0.0376"),
        (-149.72, "\N{MINUS SIGN}150"),
        (12345.6, "12,346"),
        (None, "null"),
        (True, "true"),
        ([1, 0.5], "[1, 0.5]"),
        ("idx", "idx"),
    ],
)
def test_values_are_written_for_readers(value: object, text: str) -> None:
    assert number(value) == text


def test_keys_become_words() -> None:
    assert sentence_case(words("kernel_distance")) == "Kernel distance"
    assert sentence_case("KL too weak") == "KL too weak"
