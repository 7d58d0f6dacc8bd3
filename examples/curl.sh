#!/bin/sh
# Sends one lead with curl, and prints its number.
#
#   SWIFTCRM_URL=http://127.0.0.1:8000 SWIFTCRM_API_KEY=swk_… sh examples/curl.sh
#
# It ends with 0 once the lead is kept. Otherwise it ends with 1, and standard error has the code.
set -eu

lead='{
  "name": "Zoë Müller",
  "email": "zoe@example.com",
  "phone": "+44 20 7946 0000",
  "attributes": {"budget": 5000, "newsletter": true},
  "source_url": "https://www.example.com/pricing",
  "utm": {"utm_source": "newsletter", "utm_campaign": "spring"}
}'

# What the service answers to one try, headers first. The key goes through a pipe: everybody on
# the machine can see the arguments of a program.
post() {
  printf 'header = "X-Api-Key: %s"\n' "$api_key" |
    curl "${url%/}/api/public/lead" --config - --silent --include --max-time 10 \
      --header 'Content-Type: application/json' \
      --header "Idempotency-Key: $idempotency_key" \
      --data "$lead"
}

# What the brackets of the pattern $1 hold, in the line of the answer that it fits.
found() {
  printf '%s\n' "$answer" | sed -n "s/^$1$/\1/p"
}

url=${SWIFTCRM_URL-}
api_key=${SWIFTCRM_API_KEY-}
if [ "${url#http*://}" = "$url" ] || [ -z "$api_key" ]; then
  echo 'Set SWIFTCRM_URL, which begins with http:// or https://, and SWIFTCRM_API_KEY.' >&2
  exit 1
fi

# Every try carries the same one, and the lead counts once.
idempotency_key=$(uuidgen 2>/dev/null || cat /proc/sys/kernel/random/uuid)
pause=0
for try in 1 2 3 4; do
  sleep "$pause"
  answer=$(post) || true # no connection, or half an answer
  code=$(found '{"code":"\([A-Z_]*\)".*}')
  case ${code:=NO_ANSWER} in
    NO_ANSWER | REQUEST_TIMEOUT | RATE_LIMITED) ;; # another try may help
    INTERNAL_ERROR | OVERLOADED | STORAGE_UNAVAILABLE) ;;
    *) break ;;
  esac
  pause=$(found '[Rr]etry-[Aa]fter: *\([0-9][0-9]*\).*')
  [ "${pause:=1}" -le 30 ] || pause=30
done
if [ "$code" != LEAD_CREATED ]; then
  echo "$code" >&2
  exit 1
fi
found '.*"lead_id":\([0-9]*\).*'
