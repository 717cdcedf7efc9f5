# Calls two instances in turn by Python's grpcio, which checks their health by Watch, until SIGTERM.
# `client.py ENOUGH PORT PORT`; says `ready`, `enough` after so many calls, and at the end `tally {...}`.
import json
import signal
import sys
import threading

import grpc

config = {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}
target = "ipv4:" + ",".join("127.0.0.1:" + port for port in sys.argv[2:])
channel = grpc.insecure_channel(target, options=[
    ("grpc.service_config", json.dumps(config)),
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 200),
])
say = channel.unary_unary("/test.Echo/Say")
say(b"first", wait_for_ready=True, timeout=60)
print("ready", flush=True)
over = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: over.set())
enough = int(sys.argv[1])
lock = threading.Lock()
tally = {"asked": 0, "failed": []}


def run():
    while not over.is_set():
        failure = None
        try:
            if say(b"a", timeout=30) != b"a":
                failure = "another answer"
        except grpc.RpcError as error:
            failure = "%s: %s" % (error.code(), error.details())
        with lock:
            tally["asked"] += 1
            if tally["asked"] == enough:
                print("enough", flush=True)
            if failure is not None:
                tally["failed"].append(failure)


threads = [threading.Thread(target=run) for _ in range(4)]
for thread in threads:
    thread.start()
over.wait()
for thread in threads:
    thread.join()
print("tally " + json.dumps(tally), flush=True)
