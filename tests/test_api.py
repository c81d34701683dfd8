"""The API asked by its own description: what it allows and what it does not is answered as described, and never by a 5xx."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from muqabala.project import shelf
from muqabala.project.ledger import replayed
from muqabala.project.project import Project
from muqabala.review.app import make_app
from muqabala.review.desk import Desk
from muqabala.review.people import People

schemathesis = pytest.importorskip("schemathesis")
checks = pytest.importorskip("schemathesis.checks")
FailureGroup = pytest.importorskip("schemathesis.core.failures").FailureGroup
HEADERS = {"X-Muqabala": "1", "Host": "127.0.0.1:8000"}


@pytest.fixture
def described(folder):
    """The API of a project of its own, and at the end a look at the project."""
    with Project(folder, threads=True) as project:
        desk = Desk(project)
        app = make_app(desk, People(desk, alone="A"), hosts=frozenset({"127.0.0.1:8000"}))
        yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HEADERS)
        assert replayed(1, shelf.events(project.store, 1)) == shelf.state(project.store, 1)
        assert project.store.value("PRAGMA integrity_check") == "ok"


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_every_request(described, mode):
    """Forty requests of each kind, made of what the description allows, or does not; the answers are such as it describes."""
    asked, wrong = Counter(), []
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            answer = case.call(headers=HEADERS)
            asked[case.operation.label, answer.status_code] += 1
            case.validate_response(answer, excluded_checks=[checks.positive_data_acceptance])  # a bead that is none is refused

        try:
            ask()
        except Unsatisfiable:
            pass  # it takes nothing that could be wrong
        except FailureGroup as failures:
            wrong += [str(failure)[:1500] for failure in failures.exceptions]
    assert not wrong, "\n".join(wrong)
    assert len({label for label, _ in asked}) > 30 or mode is schemathesis.GenerationMode.NEGATIVE  # some take nothing
    assert not [code for _, code in asked if code >= 500]
