<?php
// Sends one lead with PHP 8 and its curl extension, and prints its number.
//
//   SWIFTCRM_URL=http://127.0.0.1:8000 SWIFTCRM_API_KEY=swk_… php examples/php.php
//
// It ends with 0 once the lead is kept. Otherwise it ends with 1, and standard error has the code.

declare(strict_types=1);

const TRY_AGAIN = [
    'NO_ANSWER', 'REQUEST_TIMEOUT', 'RATE_LIMITED',
    'INTERNAL_ERROR', 'OVERLOADED', 'STORAGE_UNAVAILABLE',
];
const TRIES = 4;
const LONGEST_PAUSE_SECONDS = 30;

const LEAD = [
    'name' => 'Zoë Müller',
    'email' => 'zoe@example.com',
    'phone' => '+44 20 7946 0000',
    'attributes' => ['budget' => 5000, 'newsletter' => true],
    'source_url' => 'https://www.example.com/pricing',
    'utm' => ['utm_source' => 'newsletter', 'utm_campaign' => 'spring'],
];

/** The answer to $lead, which is sent again where that may help. */
function capture(string $url, string $apiKey, array $lead): array
{
    $idempotencyKey = uuid(); // every try carries the same one, and the lead counts once
    for ($triesLeft = TRIES - 1; ; $triesLeft--) {
        [$answer, $pause] = post($url, $apiKey, $lead, $idempotencyKey);
        if (!in_array($answer['code'], TRY_AGAIN, true) || $triesLeft === 0) {
            return $answer;
        }
        sleep(min($pause, LONGEST_PAUSE_SECONDS));
    }
}

/** A random UUID: the 4 is its version, the 8 its variant. */
function uuid(): string
{
    $random = bin2hex(random_bytes(16));
    return preg_replace('/^(.{8})(.{4}).(.{3}).(.{3})/', '$1-$2-4$3-8$4-', $random);
}

/** What the service answers to one try, and after how many seconds another may help. */
function post(string $url, string $apiKey, array $lead, string $idempotencyKey): array
{
    $pause = 1;
    $call = curl_init(rtrim($url, '/') . '/api/public/lead');
    curl_setopt_array($call, [
        // What is no UTF-8 is replaced: an odd character loses no lead.
        CURLOPT_POSTFIELDS => json_encode($lead, JSON_INVALID_UTF8_SUBSTITUTE),
        CURLOPT_HTTPHEADER => [
            "X-Api-Key: $apiKey",
            'Content-Type: application/json',
            "Idempotency-Key: $idempotencyKey",
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
        CURLOPT_HEADERFUNCTION => function ($call, string $line) use (&$pause): int {
            if (preg_match('/^Retry-After: *(\d+)/i', $line, $found)) {
                $pause = (int) $found[1];
            }
            return strlen($line);
        },
    ]);
    $body = curl_exec($call);
    $answer = is_string($body) ? json_decode($body, true) : null;
    if (is_string($answer['code'] ?? null)) {
        return [$answer, $pause];
    }
    return [['code' => 'NO_ANSWER'], $pause]; // no connection, half an answer, or a proxy's page
}

$url = getenv('SWIFTCRM_URL');
$apiKey = getenv('SWIFTCRM_API_KEY');
if (!preg_match('/^https?:/', (string) $url) || !$apiKey) {
    fwrite(STDERR, "Set SWIFTCRM_URL, which begins with http:// or https://, and SWIFTCRM_API_KEY.\n");
    exit(1);
}
$answer = capture($url, $apiKey, LEAD);
if ($answer['code'] !== 'LEAD_CREATED') {
    fwrite(STDERR, "{$answer['code']}\n");
    exit(1);
}
echo $answer['lead_id'], "\n";
