<?php
// PHP's streams: HTTP/1.0 without a Content-Type, where php.ini says nothing else.
[, $url, $key, $body] = $argv;
$http = ['method' => 'POST', 'header' => "X-Api-Key: $key", 'content' => $body, 'protocol_version' => 1.0];
echo @file_get_contents($url, false, stream_context_create(['http' => $http]));
