"""Another site, on another host, that shows our form in its pages."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STRICT = "default-src 'none'; script-src {levier}; frame-src {levier}"
SCRIPT = '<script src="{levier}/integrer/v1.js" data-petition="{slug}"{more} async></script>'


@dataclass
class Neighbour:
    """Another site: pages of our choosing, on another host, under a policy that allows nothing
    but Levier's script and frames."""

    levier: str
    slug: str
    pages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.pages.get(self.path.partition("?")[0], "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", STRICT.format(levier=site.levier))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"localhost:{self.server.server_port}"  # another site than 127.0.0.1
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str, *codes: str) -> str:
        """Publish a page with these codes in it; returns its address."""
        found = "".join(code.format(levier=self.levier, slug=self.slug) for code in codes)
        self.pages[path] = (
            f'<!doctype html><html lang="fr"><title>Voisin</title><h1>Voisin</h1>{found}</html>'
        )
        return f"http://{self.host}{path}"

    def script(self, more: str = "") -> str:
        return SCRIPT.format(levier=self.levier, slug=self.slug, more=f" {more}" if more else "")
