from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "sillage.front"
    label = "front"
