"""Every block in which a session acts for another tenant, by name."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RULES = {
    "funds.answer_time": "tcma/funds/answer_time.py",
    "funds.give_back": "tcma/funds/charges.py",
    "funds.grant_by_rule": "tcma/funds/requests.py",
    "funds.offers": "tcma/funds/offers.py, tcma/funds/outlook.py, tcma/funds/requests.py",
    "funds.reserve": "tcma/funds/lines.py",
    "funds.return_to_fund": "tcma/funds/service.py",
    "launches.hold_kit_version": "tcma/launches/launching.py",
    "leads.typical_results": "tcma/leads/kit_results.py",
    "organisations.accept_invitation": "tcma/organisations/invitations.py",
    "organisations.add_member": "tcma/organisations/service.py",
    "organisations.create": "tcma/organisations/service.py",
    "organisations.invite": "tcma/organisations/invitations.py",
    "organisations.note_newcomer": "tcma/organisations/team.py",
    "organisations.show_invitation": "tcma/organisations/invitations.py",
}


def test_every_block_that_acts_for_another_tenant_is_listed_here() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tcma").rglob("*.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "acting_for" in text else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "acting_for":
                rule = node.args[2]
                assert isinstance(rule, ast.Constant), f"{path.name}: a rule is named where it is used"
                found.setdefault(str(rule.value), set()).add(path.relative_to(ROOT).as_posix())
    assert {rule: ", ".join(sorted(files)) for rule, files in found.items()} == RULES
