// Node's fetch, given the body as a string: it says that this is plain text.
const [url, key, body] = process.argv.slice(2);
const answer = await fetch(url, { method: 'POST', headers: { 'X-Api-Key': key }, body });
console.log(await answer.text());
