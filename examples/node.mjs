// Sends one lead with Node 18 or newer, and prints its number.
//
//   SWIFTCRM_URL=http://127.0.0.1:8000 SWIFTCRM_API_KEY=swk_… node examples/node.mjs
//
// It ends with 0 once the lead is kept. Otherwise it ends with 1, and standard error has the code.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const TRY_AGAIN = [
  'NO_ANSWER', 'REQUEST_TIMEOUT', 'RATE_LIMITED',
  'INTERNAL_ERROR', 'OVERLOADED', 'STORAGE_UNAVAILABLE',
];
const TRIES = 4;
const LONGEST_PAUSE_SECONDS = 30;

const LEAD = {
  name: 'Zoë Müller',
  email: 'zoe@example.com',
  phone: '+44 20 7946 0000',
  attributes: { budget: 5000, newsletter: true },
  source_url: 'https://www.example.com/pricing',
  utm: { utm_source: 'newsletter', utm_campaign: 'spring' },
};

// The answer to the lead, which is sent again where that may help.
async function capture(url, apiKey, lead) {
  const idempotencyKey = randomUUID(); // every try carries the same one, and the lead counts once
  for (let triesLeft = TRIES - 1; ; triesLeft -= 1) {
    const { answer, pause } = await post(url, apiKey, lead, idempotencyKey);
    if (!TRY_AGAIN.includes(answer.code) || triesLeft === 0) return answer;
    await sleep(1000 * Math.min(pause, LONGEST_PAUSE_SECONDS));
  }
}

// What the service answers to one try, and after how many seconds another may help.
async function post(url, apiKey, lead, idempotencyKey) {
  let pause = 1;
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/api/public/lead`, {
      method: 'POST',
      headers: {
        'X-Api-Key': apiKey,
        'Content-Type': 'application/json',
        'Idempotency-Key': idempotencyKey,
      },
      body: JSON.stringify(lead),
      signal: AbortSignal.timeout(10_000),
    });
    const retryAfter = response.headers.get('Retry-After');
    pause = /^\d+$/.test(retryAfter) ? Number(retryAfter) : pause;
    const answer = await response.json();
    if (typeof answer?.code === 'string') return { answer, pause };
  } catch {
    // no connection, half an answer, or a proxy's own page
  }
  return { answer: { code: 'NO_ANSWER' }, pause };
}

const { SWIFTCRM_URL: url, SWIFTCRM_API_KEY: apiKey } = process.env;
if (!/^https?:/.test(url) || !apiKey) {
  console.error('Set SWIFTCRM_URL, which begins with http:// or https://, and SWIFTCRM_API_KEY.');
  process.exit(1);
}
const answer = await capture(url, apiKey, LEAD);
if (answer.code !== 'LEAD_CREATED') {
  console.error(answer.code);
  process.exit(1);
}
console.log(answer.lead_id);
