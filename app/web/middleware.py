"""What every request passes on its way in, and every answer on its way out."""

from fastapi import FastAPI

from app.web.barrier import BarrierMiddleware
from app.web.logs import log_access
from app.web.metrics import Metrics
from app.web.observed import ObservingMiddleware
from app.web.pace import BodyPace, BodyPaceMiddleware
from app.web.problems import install_problem_handlers
from app.web.request_id import RequestIdMiddleware
from app.web.security_headers import SecurityHeadersMiddleware


def install_web(app: FastAPI, metrics: Metrics, pace: BodyPace) -> None:
    """Give `app` its middleware and problem answers. The last one added is the outermost."""
    install_problem_handlers(app)
    app.add_middleware(BodyPaceMiddleware, pace=pace)
    app.add_middleware(BarrierMiddleware)
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(ObservingMiddleware, observers=(log_access, metrics.observe))
    app.add_middleware(RequestIdMiddleware)
