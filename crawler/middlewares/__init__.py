"""What stands between a spider and a portal. One duty a module; the order is set in crawler.settings.

hosts        only registered hosts, only http and https
rendering    list pages that only a script builds: Chromium, fed through all of these
robots       robots.txt, more strictly than Scrapy's
conditional  asks only for what has changed, and answers from the archive when nothing has
redirects    a bounded number of them, each a new request that passes every middleware again
compression  unpacks at most as much as the portal may send
bounds       requests and seconds of a visit; stops at a host that refuses or does not answer
turns        one request at a time per host
"""
