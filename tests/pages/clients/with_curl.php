<?php
// PHP's curl extension, given the body as a string: it says that this is a form.
[, $url, $key, $body] = $argv;
$call = curl_init($url);
curl_setopt_array($call, [
    CURLOPT_POSTFIELDS => $body,
    CURLOPT_HTTPHEADER => ["X-Api-Key: $key"],
    CURLOPT_RETURNTRANSFER => true,
]);
echo curl_exec($call);
