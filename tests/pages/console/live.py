"""What makes somebody else's text more than text, on the page that is open."""

from typing import Any

from playwright.sync_api import Page

from tests.pages.console.hostile import TURNED

_LIVE = """() => {
    const found = [];
    const not_ours = 'script:not([src]), style, img, iframe, object, embed, base, [style]';
    for (const it of document.querySelectorAll(not_ours)) found.push(it.outerHTML);
    for (const it of document.querySelectorAll('*')) for (const { name } of it.attributes) {
        if (name.startsWith('on')) found.push(`${name} of ${it.outerHTML}`);
    }
    for (const { href, protocol, origin, relList, outerHTML } of document.links) {
        if (!['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)) found.push(outerHTML);
        if (!protocol.startsWith('http') || origin === location.origin) continue;
        if (!relList.contains('noreferrer') || !relList.contains('noopener')) found.push(href);
    }
    for (const form of document.forms) {
        if (new URL(form.getAttribute('action'), location).origin !== location.origin) {
            found.push(form.outerHTML);
        }
    }
    return found;
}"""
"""What is on a page that is neither text nor a link as we make them."""

_TURNS_OTHERS = """(turned) => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text; text = texts.nextNode();) {
        if (!text.data.includes('\\u202e')) continue;
        const isAlone = (it) => {
            const { display, unicodeBidi } = getComputedStyle(it);
            return display !== 'inline' || unicodeBidi.startsWith('isolate');
        };
        let around = text.parentElement;
        while (!isAlone(around)) around = around.parentElement;
        const said = around.textContent.trim().replace(/…$/, ''); // a list cuts what is long
        if (!turned.startsWith(said)) found.push(around.outerHTML);
    }
    return found;
}"""
"""Where a text that turns its direction stands in one line with words of ours."""


def live(page: Page) -> Any:
    """The parts of *page* that no page of ours has, or where words of ours are turned."""
    return page.evaluate(_LIVE) + page.evaluate(_TURNS_OTHERS, TURNED)
