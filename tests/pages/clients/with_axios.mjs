// axios, given the body as a string: it says that this is a form.
import axios from 'axios';

const [url, key, body] = process.argv.slice(2);
const answer = await axios.post(url, body, { headers: { 'X-Api-Key': key } });
console.log(JSON.stringify(answer.data));
