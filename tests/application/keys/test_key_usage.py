"""What holds for whatever is noted is in `test_write_behind`."""

from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from domain.project import Project
from entrypoints.container import Container
from tests.support.clocks import StillClock


async def test_the_minute_in_which_a_key_was_last_used_is_written_down(
    container: Container,
    keys: KeyRegister,
    create_key: CreateKey,
    clock: StillClock,
    project: Project,
) -> None:
    made = await create_key(project.project_id)
    usage = container.key_usage()
    usage.note(made.kept.key_id)
    clock.advance(90)
    usage.note(made.kept.key_id)
    await usage.flush()

    (key,) = await keys.of_project(project.project_id)
    assert key.last_used_at == clock.now().replace(second=0, microsecond=0)


async def test_a_use_right_after_the_minute_has_turned_is_in_the_new_minute(
    container: Container,
    keys: KeyRegister,
    create_key: CreateKey,
    clock: StillClock,
    project: Project,
) -> None:
    made = await create_key(project.project_id)
    usage = container.key_usage()
    clock.advance(60 - clock.now().second - 0.05)
    usage.note(made.kept.key_id)
    clock.advance(0.1)
    usage.note(made.kept.key_id)
    await usage.flush()

    (key,) = await keys.of_project(project.project_id)
    assert key.last_used_at == clock.now().replace(second=0, microsecond=0)
