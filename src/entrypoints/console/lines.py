"""Lines to paste that send a first lead, with the key in them."""

import json
import shlex

PLACEHOLDER = "swk_…"
"""Stands for a key until somebody makes one."""
_CURL = (
    "curl -i -X POST {url} -H 'X-Api-Key: {key}' -H 'Content-Type: application/json'"
    """ -d '{{"name":"Ada Lovelace","email":"ada@example.com"}}'"""
)
_PAGE = """\
<form id="contact">
  <label>Name <input name="name" required></label>
  <label>E-mail <input name="email" type="email" required></label>
  <button>Send</button>
</form>

<script type="module">
  const form = document.querySelector('#contact');
  form.addEventListener('submit', async (event) => {{
    event.preventDefault();
    try {{
      const answer = await fetch({url}, {{
        method: 'POST',
        headers: {{ 'Content-Type': 'application/json', 'X-Api-Key': '{key}' }},
        body: JSON.stringify({{
          ...Object.fromEntries(new FormData(form)),
          source_url: location.href.slice(0, 2048),
        }}),
      }});
      if (!answer.ok) throw new Error(await answer.text()); // it says why
      alert('Thank you!');
    }} catch (error) {{
      console.error(error);
      alert('That did not work. Please try again.');
    }}
  }});
</script>"""


def for_terminal(lead_url: str, key: str) -> str:
    """One line for a shell, which sends a lead and shows the answer."""
    return _CURL.format(url=shlex.quote(lead_url), key=key)


def for_page(lead_url: str, key: str) -> str:
    """A small form for a page, and the script that sends what is filled in."""
    return _PAGE.format(url=json.dumps(lead_url), key=key)
