from tests.commands.conftest import changed, conditional, conditional_root, plain, plain_root, run

__all__ = ["changed", "conditional", "conditional_root", "plain", "plain_root", "run"]
