#!/bin/sh
# Sends one lead with curl, and prints its number.
#
#   SWIFTCRM_URL=http://127.0.0.1:8000 SWIFTCRM_API_KEY=swk_… sh examples/curl.sh
#
# It ends with 0 once the lead is kept. Otherwise it ends with 1, and standard error has the code.
set -eu
: "${SWIFTCRM_URL:?set it to the address of the service, e.g. https://leads.example.com}"
: "${SWIFTCRM_API_KEY:?set it to the key of a project}"

# Every try carries the same one, and the lead counts once.
idempotency_key=$(uuidgen 2>/dev/null || cat /proc/sys/kernel/random/uuid)

# curl tries again after 408, 429 and 5xx, and waits for as long as Retry-After says, where that
# is not too long: a full month is not waited for.
answer=$(curl "$SWIFTCRM_URL/api/public/lead" \
  --silent --show-error --max-time 10 --retry 3 --retry-max-time 60 --retry-connrefused \
  --header "X-Api-Key: $SWIFTCRM_API_KEY" \
  --header "Idempotency-Key: $idempotency_key" \
  --header 'Content-Type: application/json' \
  --data '{
    "name": "Zoë Müller",
    "email": "zoe@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"budget": 5000, "newsletter": true},
    "source_url": "https://www.example.com/pricing",
    "utm": {"utm_source": "newsletter", "utm_campaign": "spring"}
  }') || { echo NO_ANSWER >&2; exit 1; }

case $answer in
  *'"code":"LEAD_CREATED"'*) printf '%s\n' "${answer##*\"lead_id\":}" | tr -cd '0-9\n' ;;
  *'"code":"'*) printf '%s\n' "$answer" | sed 's/.*"code":"\([A-Z_]*\)".*/\1/' >&2; exit 1 ;;
  *) echo NO_ANSWER >&2; exit 1 ;; # a proxy's own page
esac
