"""The errors that a user can cause and mend, as opposed to defects of the program."""


class LatentlabError(Exception):
    """Base of all errors whose message alone tells the user what to do.

    A message says what was expected, what came, and which key or file to change.
    """


class ParamsError(LatentlabError):
    """``params.yaml`` cannot be read or holds an impossible value."""


class DataError(LatentlabError):
    """The images or labels of a source are missing, damaged or unfit."""


class ArtifactError(LatentlabError):
    """A file that an earlier stage should have written is missing or damaged."""


class TrainingError(LatentlabError):
    """Training cannot go on, for instance because a loss is no longer finite."""


class EvaluationError(LatentlabError):
    """A score would be meaningless, so none is given."""


class ExportError(LatentlabError):
    """A model cannot be written in another format, or is not the same there."""


class RequestError(LatentlabError):
    """What was asked of a trained model cannot be had."""
