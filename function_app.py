"""The whole pipeline on one page.

    images/{camera}/…/{file}  ── image_uploaded ──▶  featurize  ──▶  queue frames
    queue frames              ── frame_arrived ───▶  aggregate  ──▶  table frames, table days, queue sequences
    queue retrain             ── lesson_wanted ───▶  retrain    ──▶  container models, queue sequences
    queue sequences           ── day_quieted ─────▶  finalize   ──▶  table labels, table days; through alarm
                                                               ──▶  table alerts, queue alerts, queue notify
    queue notify              ── animal_noticed ──▶  notify     ──▶  the webhook that is set
    every five minutes        ── time_passed ─────▶  sweep      ──▶  queue sequences: days whose message was lost
                                                     alarm      ──▶  queue alerts, queue notify: alerts not sent
    every minute              ── minute_passed ───▶  bury       ──▶  table failures: what is in the poison queues;
                                                               ──▶  sent again, where that may help
    every night               ── night_came ──────▶  reconcile  ──▶  container images: those that became no frame
                                                                     are announced again; queue sequences
    GET /api/health           ── health_asked ────▶  health     ──▶  200, or the error
    GET /api/review/…         ── page_asked ──────▶  pages      ──▶  the files of the folder web
    GET /api/about, /api/wall ── …_asked ─────────▶  wall       ──▶  what there is to review
    GET /api/happened         ── happened_asked ──▶  happened   ──▶  what the charts of that page show
    GET /api/preview, /image  ── …_asked ─────────▶  picture    ──▶  what a frame looks like
    POST /api/export          ── export_asked ────▶  export     ──▶  the next labels in one of the field's formats
    POST /api/decisions       ── decisions_sent ──▶  judge      ──▶  tables frames, labels, decisions, queue sequences

A step that raises is retried by the host as host.json says, what it raised is noted (table attempts), and it ends as a
failure; no step retries itself.
Every function has instances of its own on Azure, and each imports this file: steps import what is heavy when they run.
"""

from functools import partial

import azure.functions as func

from functions import (
    aggregate,
    alarm,
    bury,
    clients,
    decide,
    export,
    featurize,
    finalize,
    happened,
    health,
    judge,
    notify,
    pages,
    picture,
    reconcile,
    relabel,
    retrain,
    sweep,
    wall,
    web,
)
from shared.settings import blob_source, local

STORAGE = "Storage"

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.function_name("featurize")
@app.blob_trigger(arg_name="blob", path="images/{name}", connection=STORAGE, source=func.BlobSource(blob_source()))
@app.queue_output(arg_name="frames", queue_name="frames", connection=STORAGE)
def image_uploaded(blob: func.InputStream, frames: func.Out[str]) -> None:
    with clients.noting("images", blob):
        head = clients.heads().current()
        frames.set(featurize.run(blob, featurizer=clients.featurizer(), head=head, now=clients.now()))


@app.function_name("aggregate")
@app.queue_trigger(arg_name="message", queue_name="frames", connection=STORAGE)
def frame_arrived(message: func.QueueMessage) -> None:
    with clients.noting("frames", message):
        step = partial(aggregate.run, store=clients.store(), sequences=clients.sequences())
        settle, remembered = clients.settings().settle, clients.remembered()
        step(message.get_body(), settle=settle, now=clients.now, remembered=remembered)


@app.function_name("retrain")
@app.queue_trigger(arg_name="message", queue_name="retrain", connection=STORAGE)
def lesson_wanted(message: func.QueueMessage) -> None:
    with clients.noting("retrain", message):
        tables, heads = clients.store(), clients.heads()
        again = partial(relabel.run, store=tables, sequences=clients.sequences(), now=clients.now)
        retrain.run(message.get_body(), store=tables, heads=heads, recipe=clients.recipe, relabel=again)


@app.function_name("finalize")
@app.queue_trigger(arg_name="message", queue_name="sequences", connection=STORAGE)
def day_quieted(message: func.QueueMessage) -> None:
    with clients.noting("sequences", message):
        said, head, see_to, alarm = clients.settings(), clients.heads().latest, clients.see_to(), clients.bell()
        step = partial(finalize.run, store=clients.store(), head=head, limits=said.limits, settle=said.settle)
        step(message.get_body(), now=clients.now, see_to=see_to, alarm=alarm)


@app.function_name("notify")
@app.queue_trigger(arg_name="message", queue_name="notify", connection=STORAGE)
def animal_noticed(message: func.QueueMessage) -> None:
    with clients.noting("notify", message):
        notify.run(message.get_body(), outbox=clients.outbox(), webhook=clients.webhook(), now=clients.now)


@app.function_name("sweep")
@app.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
def time_passed(timer: func.TimerRequest) -> None:
    settle = clients.settings().settle
    sweep.run(store=clients.store(), sequences=clients.sequences(), settle=settle, now=clients.now())
    alarm.again(outbox=clients.outbox(), now=clients.now)


@app.function_name("bury")
@app.timer_trigger(arg_name="timer", schedule="30 * * * * *")
def minute_passed(timer: func.TimerRequest) -> None:
    poison, redrive = clients.poison(), clients.redrive()
    bury.run(failures=clients.failures(), poison=poison, redrive=redrive, now=clients.now)


@app.function_name("reconcile")
@app.timer_trigger(arg_name="timer", schedule="0 30 2 * * *")
def night_came(timer: func.TimerRequest) -> None:
    step = partial(reconcile.run, container=clients.images(), store=clients.store(), failures=clients.failures())
    step(sequences=clients.sequences(), now=clients.now)


@app.function_name("health")
@app.route(route="health", methods=["GET"], trigger_arg_name="request")
def health_asked(request: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(health.run(clients.queues()), mimetype="application/json")


@app.function_name("pages")
@app.route(route="review/{*file}", methods=["GET"], trigger_arg_name="request")
def page_asked(request: func.HttpRequest) -> func.HttpResponse:
    return web.answer(request, pages.run)


@app.function_name("about")
@app.route(route="about", methods=["GET"], trigger_arg_name="request")
def about_asked(request: func.HttpRequest) -> func.HttpResponse:
    return web.answer(request, partial(wall.about, store=clients.store(), head=clients.heads().current, local=local()))


@app.function_name("wall")
@app.route(route="wall", methods=["GET"], trigger_arg_name="request")
def wall_asked(request: func.HttpRequest) -> func.HttpResponse:
    step = partial(wall.run, store=clients.store(), clocks=clients.clocks())
    return web.answer(request, step, rate=clients.rate("wall"))


@app.function_name("happened")
@app.route(route="happened", methods=["GET"], trigger_arg_name="request")
def happened_asked(request: func.HttpRequest) -> func.HttpResponse:
    step = partial(happened.run, store=clients.store(), offset=clients.settings().utc_offset, now=clients.now())
    return web.answer(request, web.queried(step), rate=clients.rate("happened"))


@app.function_name("preview")
@app.route(route="preview", methods=["GET"], trigger_arg_name="request")
def preview_asked(request: func.HttpRequest) -> func.HttpResponse:
    return web.answer(request, partial(picture.preview, store=clients.store()))


@app.function_name("image")
@app.route(route="image", methods=["GET"], trigger_arg_name="request")
def image_asked(request: func.HttpRequest) -> func.HttpResponse:
    step = partial(picture.image, store=clients.store(), read=clients.image)
    return web.answer(request, step, rate=clients.rate("image"))


@app.function_name("export")
@app.route(route="export", methods=["POST"], trigger_arg_name="request")
def export_asked(request: func.HttpRequest) -> func.HttpResponse:
    step = partial(export.run, store=clients.store(), offset=clients.settings().utc_offset, now=clients.now())
    return web.answer(request, web.posted(step), rate=clients.rate("export"))


@app.function_name("decisions")
@app.route(route="decisions", methods=["POST"], trigger_arg_name="request")
def decisions_sent(request: func.HttpRequest) -> func.HttpResponse:
    one = partial(judge.run, store=clients.store(), see_to=clients.see_to(), now=clients.now)
    step = partial(decide.run, judge=one, clocks=clients.clocks(), now=clients.now())
    return web.answer(request, step, writes=True)
