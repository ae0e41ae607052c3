"""What leaves and what is new: two lists that are scored anew for whoever asks."""

from urllib.parse import urlencode

from bench import client, member, stats
from bench.api import cpu_seconds
from bench.client import request
from bench.report import Row
from bench.stage import Stage

PART = "leaving"
WITHIN_MS = 250
_ASKED = {
    "leaving, 7 days": ("/api/recommend/leaving-soon", {}),
    "leaving, 90 days, 100 titles": (
        "/api/recommend/leaving-soon",
        {"within_days": 90, "first": 100},
    ),
    "new, 14 days": ("/api/recommend/new", {}),
}


async def run(stage: Stage) -> list[Row]:
    """Each list, again and again, by a member with a past, on the largest catalogue."""
    url = await stage.synthetic("synthetic", stage.largest)
    headers = await member.join(url, stage.valkey.url)
    times = 10 if stage.quick else 40
    rows: list[Row] = []
    with stage.serve(url) as api:
        for what, (path, query) in _ASKED.items():
            stage.say(f"leaving: {what}")
            asked = [request("GET", f"{path}?{urlencode(query)}", headers)] * times
            await client.ask_all(api.port, asked[:3])  # warms up
            before = cpu_seconds(api.pid, *stage.pids)
            replies = await client.ask_all(api.port, asked)
            cost = (cpu_seconds(api.pid, *stage.pids) - before) / times * 1000
            if wrong := [each for each in replies if each.status != 200]:
                raise SystemExit(f"The API answered {wrong[0].status}: {wrong[0].body[:300]!r}")
            took = [each.seconds * 1000 for each in replies]
            p50, p95 = (stats.percentile(took, share) for share in (0.5, 0.95))
            ours = f"p50 {p50:.1f}, p95 {p95:.1f} ms; CPU {cost:.1f} ms"
            size = f"{stage.largest // 1000}k made-up titles"
            rows.append(Row.timed(PART, f"{what}, {size}", ours, p95, WITHIN_MS))
    return rows
