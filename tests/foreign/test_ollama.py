"""ollama's own client understands the stand-in: pieces, schemas, and errors in the middle."""

import json
from typing import Any

import pytest

from tests.foreign.conftest import Held

MODEL = "mistral:7b-instruct"


@pytest.fixture(scope="module")
def got(conversation: Held) -> dict[str, Any]:
    """What the client got."""
    return conversation("ollama", {})


def test_there_are_models_and_one_can_be_fetched(got: dict[str, Any]):
    models = [each["model"] for each in got["models"]["models"]]
    assert MODEL in models
    assert "smollm2:135m" not in models
    assert "smollm2:135m" in [each["model"] for each in got["models_after"]["models"]]
    assert got["pulled"][0]["status"] == "pulling manifest"
    assert got["pulled"][-1]["status"] == "success"
    assert all(each["size"] and len(each["digest"]) == 64 for each in got["models"]["models"])
    assert "completion" in got["shown"]["capabilities"]
    assert got["shown"]["details"]["family"]


def test_an_answer_whole_and_in_pieces_is_the_same(got: dict[str, Any]):
    talk = got["talk"]
    whole, pieces = talk["whole"], talk["pieces"]
    assert whole["done"] is True
    assert whole["done_reason"] == "stop"
    assert whole["message"]["role"] == "assistant"
    assert whole["message"]["content"]
    assert len(pieces) > 3
    assert [each["done"] for each in pieces] == [False] * (len(pieces) - 1) + [True]
    said = "".join(each["message"]["content"] for each in pieces)
    assert said == whole["message"]["content"] == talk["again"]["message"]["content"]
    assert pieces[-1]["eval_count"] == whole["eval_count"] > 0
    assert pieces[-1]["total_duration"] > 0


def test_an_answer_is_cut_where_it_was_told_to_end(got: dict[str, Any]):
    short = got["talk"]["short"]
    assert (short["done_reason"], short["eval_count"]) == ("length", 3)
    assert got["talk"]["whole"]["message"]["content"].startswith(short["message"]["content"])


def test_an_empty_conversation_loads_the_model(got: dict[str, Any]):
    assert got["talk"]["loaded"]["done_reason"] == "load"
    assert got["talk"]["loaded"]["message"]["content"] == ""


def test_a_completion_whole_and_in_pieces_is_the_same(got: dict[str, Any]):
    pieces = got["talk"]["generated_pieces"]
    assert got["talk"]["generated"]["response"]
    assert "".join(each["response"] for each in pieces) == got["talk"]["generated"]["response"]


def test_an_answer_by_a_schema_keeps_to_it(got: dict[str, Any]):
    answer = got["structured"]["answer"]  # the schema's own model has read it
    assert isinstance(answer["minutes"], int)
    assert isinstance(answer["moods"], list)
    assert json.loads(got["structured"]["choice"])["title"] in ("Silent Harbour", "Paper Garden")
    assert isinstance(json.loads(got["structured"]["json"]), dict)


def test_several_questions_at_once_are_all_answered(got: dict[str, Any]):
    whole, pieces = got["at_once"]["whole"], got["at_once"]["pieces"]
    assert all(whole)
    assert "".join(pieces) == whole[0]


def test_the_same_text_has_the_same_place_and_a_length_of_one(got: dict[str, Any]):
    one, other = got["embedded"]["embeddings"]
    assert sum(each * each for each in one) == pytest.approx(1, abs=1e-4)
    assert one != other
    assert got["embedded_again"]["embeddings"] == [one]


def test_a_model_that_is_not_there_is_said_to_be_missing(got: dict[str, Any]):
    error = got["errors"]["unknown"]
    assert (error["type"], error["status_code"]) == ("ResponseError", 404)
    assert error["error"] == "model 'no-such-model' not found"


def test_models_can_be_copied_and_deleted(got: dict[str, Any]):
    assert got["copied"]["status"] == got["deleted"]["status"] == "success"
    models = [each["model"] for each in got["models_at_last"]["models"]]
    assert "mine:latest" in models
    assert "smollm2:135m" not in models
    assert got["errors"]["deleted"]["status_code"] == 404


def test_an_error_in_the_middle_ends_what_was_being_said(got: dict[str, Any]):
    error = got["errors"]["middle"]
    assert error["came"]
    assert (error["type"], error["status_code"]) == ("ResponseError", -1)
    assert error["error"]


def test_who_finds_the_queue_full_is_told_so(got: dict[str, Any]):
    answers = got["errors"]["crowded"]
    refused = [each for each in answers if each["type"]]
    assert 0 < len(refused) < len(answers)
    for each in refused:
        assert each["status_code"] == 503
        assert each["error"].startswith("server busy, please try again.")


def test_a_crash_is_told_from_a_line_that_went_dead(got: dict[str, Any]):
    assert got["errors"]["server_error"]["type"] == "ResponseError"
    assert got["errors"]["server_error"]["status_code"] == 500
    assert got["errors"]["drop"]["type"] not in (None, "ResponseError")


def test_nobody_at_home_is_a_connection_error(got: dict[str, Any]):
    assert got["errors"]["nobody"]["type"] == "ConnectionError"
