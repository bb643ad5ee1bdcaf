"""Python's way, as PANIC has it: a process per monitor, forked from a parent that has loaded everything, with a
pika connection each. Usage: monitors.py JSON
"""

import http.client
import json
import multiprocessing
import os
import re
import sys
import time
from urllib.parse import urlsplit

import pika

VALUE = re.compile(r"^probe_value (\S+)$", re.MULTILINE)
LONGEST_SLEEP_S = 1.0


def fetch_number(page):
    parts = urlsplit(page)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request("GET", parts.path, headers={"Connection": "close"})
        return float(VALUE.search(connection.getresponse().read().decode()).group(1))
    finally:
        connection.close()


def monitor(name, settings, delay_s):
    parent = os.getppid()
    connection = pika.BlockingConnection(pika.URLParameters(settings["amqpUrl"]))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(delivery_mode=2)
    due = time.monotonic() + delay_s
    while True:
        while time.monotonic() < due:
            # Also answers the broker's heartbeats.
            connection.process_data_events(time_limit=min(LONGEST_SLEEP_S, max(0, due - time.monotonic())))
            if os.getppid() != parent:
                return
        started_us = time.monotonic_ns() // 1000
        value = fetch_number(settings["page"])
        body = {
            "result": {
                "meta_data": {"monitor_name": name, "started_us": started_us},
                "data": {"value": value},
            }
        }
        channel.basic_publish("raw_data", "node.bench", json.dumps(body), properties, mandatory=True)
        due += settings["periodMs"] / 1000


def main():
    settings = json.loads(sys.argv[1])
    count, period_s = settings["n"], settings["periodMs"] / 1000
    context = multiprocessing.get_context("fork")
    processes = []
    for index in range(count):
        delay_s = index * min(period_s, 0.01 * count) / count
        process = context.Process(target=monitor, args=(f"probe-{index}", settings, delay_s), daemon=True)
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    # Without monitors it stays, so that its own memory can be read.
    while count == 0:
        time.sleep(LONGEST_SLEEP_S)


if __name__ == "__main__":
    main()
