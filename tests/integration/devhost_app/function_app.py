"""A small app that uses every trigger of the development host."""

from __future__ import annotations

import json
import time

import azure.functions as func

app = func.FunctionApp()
STORAGE = "Storage"


@app.blob_trigger("blob", path="images/{camera}/{name}", connection=STORAGE)
@app.queue_output("seen", "seen", STORAGE)
def image_uploaded(blob: func.InputStream, seen: func.Out[str]) -> None:
    if blob.name.endswith("bad.jpg"):
        raise ValueError("this image is always bad")
    seen.set([json.dumps({"name": blob.name, "size": len(blob.read())}), "and one more"])


@app.queue_trigger("message", "seen", STORAGE)
@app.queue_output("arrived", "arrived", STORAGE)
def image_seen(message: func.QueueMessage, arrived: func.Out[str]) -> None:
    arrived.set(message.get_body().decode())


@app.queue_trigger("message", "attempts", STORAGE)
@app.queue_output("arrived", "arrived", STORAGE)
def attempted(message: func.QueueMessage, arrived: func.Out[str]) -> None:
    body = message.get_json()
    if message.dequeue_count <= body["failures"]:
        raise ValueError(f"attempt {message.dequeue_count} fails")
    arrived.set(json.dumps({"attempts": message.dequeue_count}))


@app.queue_trigger("message", "slow", STORAGE)
@app.queue_output("arrived", "arrived", STORAGE)
def slept(message: func.QueueMessage, arrived: func.Out[str]) -> None:
    time.sleep(float(message.get_body()))
    arrived.set("slept " + message.id)


@app.timer_trigger("timer", schedule="* * * * * *")
@app.queue_output("ticks", "ticks", STORAGE)
def clock_ticked(timer: func.TimerRequest, ticks: func.Out[str]) -> None:
    ticks.set(json.dumps({"past_due": timer.past_due}))


@app.route("cameras/{camera}/{day?}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
def asked(req: func.HttpRequest) -> func.HttpResponse:
    told = {"camera": req.route_params["camera"], "day": req.route_params.get("day"), "q": req.params.get("q")}
    return func.HttpResponse(json.dumps(told | {"body": req.get_body().decode()}), status_code=201)
