#!/usr/bin/env bash
# Types what docs/adding-a-log-type.md tells a user to type, with names that nobody has heard of, in a clone that is removed
# again: of what is committed.
set -euo pipefail
cd "$(dirname "$0")/../.."
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone --quiet . "$clone"
cd "$clone"

npx --yes pnpm@12 new log-type device-health --path /admin/v2/logs/device_health --style cursor --records items --time ts
cat >"$clone/.git/example.json" <<'END'
{
  "stat": "OK",
  "response": {
    "visits": [
      { "visit_key": "VISIT-EXAMPLE-1", "seen_at": "2026-01-15T08:12:09.466370+00:00", "mail": "ada@example.com" },
      { "visit_key": "VISIT-EXAMPLE-2", "seen_at": "2026-01-15T09:30:12.573580+00:00", "mail": "bob@example.com" }
    ],
    "metadata": { "next_offset": "1768469412573,VISIT-EXAMPLE-2", "total_objects": 2 }
  }
}
END
npx pnpm new log-type lobby-visit --path /admin/v2/logs/lobby_visits --example .git/example.json

# Of the stories that the core's properties tell, a tenth: it knows no log type, and the tests of the checkout tell all of them.
STORIES=0.1 npx pnpm check
for log_type in device-health lobby-visit; do
  npx pnpm demo "$log_type"
  (cd "services/$log_type" && npx pnpm sls package --stage dev)
done

changed=$(git status --short)
expected=' M serverless-compose.yml
?? services/device-health/
?? services/lobby-visit/'
if [ "$changed" != "$expected" ]; then
  printf 'a new log type is its folder and its entry in serverless-compose.yml, but this was changed:\n%s\n' "$changed"
  exit 1
fi
