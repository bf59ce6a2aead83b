"""What Prometheus reads: the process, the signatures, the mails that wait."""

from collections.abc import Iterator

from django.db.models import Count, Sum
from prometheus_client import CollectorRegistry, Counter, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.signing.models.tally import Tally

FIGURES = ("counted", "confirmed", "paper", "held")


class Campaigning(Collector):
    """Sums over tally rows and deliveries: two statements, whatever the number of signatures."""

    def describe(self) -> Iterator[Metric]:
        """Nothing is read when the registry is made."""
        yield from (self._signatures(), self._deliveries())

    def collect(self) -> Iterator[Metric]:
        signatures, deliveries = self._signatures(), self._deliveries()
        sums = Tally.objects.aggregate(**{name: Sum(name, default=0) for name in FIGURES})
        for name in FIGURES:
            signatures.add_metric([name], sums[name])
        states = Delivery.objects.order_by().values_list("lane", "state").annotate(n=Count("pk"))
        for lane, state, n in states:
            deliveries.add_metric([str(lane), str(state)], n)
        yield from (signatures, deliveries)

    def _signatures(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("levier_signatures", "Signatures by kind.", labels=["kind"])

    def _deliveries(self) -> GaugeMetricFamily:
        labels = ["lane", "state"]
        return GaugeMetricFamily("levier_deliveries", "Messages by lane and state.", labels=labels)


REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
REGISTRY.register(Campaigning())
REFUSED_NOTICES = Counter(
    "levier_mail_notices_refused",
    "Notices of mail providers that were forged or made no sense.",
    ["provider"],
    registry=REGISTRY,
)
