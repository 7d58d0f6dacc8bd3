<?php
// What PHP's json_encode makes of arrays: `[]` for an empty object, an object for a list with gaps.
[, $url, $key] = $argv;
$lead = [
    'name' => 'Zoë Müller',
    'phone' => 442079460958,
    'attributes' => [],
    'source_url' => filter_var('nowhere', FILTER_VALIDATE_URL),
    'page_trail' => array_unique(['/', '/', '/pricing']),
];
$call = curl_init($url);
curl_setopt_array($call, [
    CURLOPT_POSTFIELDS => json_encode($lead),
    CURLOPT_HTTPHEADER => ["X-Api-Key: $key", 'Content-Type: application/json'],
    CURLOPT_RETURNTRANSFER => true,
]);
echo curl_exec($call);
