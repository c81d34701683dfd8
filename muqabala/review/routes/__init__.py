"""What the server answers to: pages, reading, acting, the glossary, blind review."""
