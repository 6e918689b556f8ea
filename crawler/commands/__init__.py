"""Commands of `python -m scrapy`: one module each, found by Scrapy through COMMANDS_MODULE."""
