#!/bin/sh
# Prints `changed=true` when training/ differs from the commit that was deployed before the run $RUN of
# the workflow `deploy`, when that commit is not known, and for every other event.
set -eu
if [ "$GITHUB_EVENT_NAME" = workflow_run ]; then
  before=$(gh run list --workflow deploy --branch main --event push --status success --limit 20 \
    --json databaseId,headSha --jq "map(select(.databaseId < $RUN))[0].headSha // empty")
  if [ -n "$before" ] && git diff --quiet "$before" HEAD -- training 2> /dev/null; then
    exit 0
  fi
fi
echo changed=true
