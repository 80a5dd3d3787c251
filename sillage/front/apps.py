from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "sillage.front"
    label = "front"

    def ready(self) -> None:
        from sillage.front import wiring  # noqa: PLC0415  # rooms' models exist only once the apps are ready

        wiring.connect()
