"""Temperatures of the sensors that the system names, with each sensor's own limits where it has any."""

from rackside.watch.model import Reading

NAME = "temperature"
EVERY_S = 10.0
WARNING_C = 80.0
CRITICAL_C = 90.0


class Collector:
    """Degrees Celsius, and how near to the limits: 0 at the warning limit, 1 at the critical one."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        import psutil

        if not hasattr(psutil, "sensors_temperatures"):
            return []
        readings = []
        for chip, sensors in psutil.sensors_temperatures().items():
            for place, sensor in enumerate(sensors):
                name = f"{chip} {sensor.label or place}"
                high = sensor.high or WARNING_C
                critical = sensor.critical or max(CRITICAL_C, high)
                readings.append(Reading("temperature", sensor.current, "°C", name, chip))
                margin = (sensor.current - high) / max(1.0, critical - high)
                readings.append(Reading("temperature.margin", margin, "", name, chip))
        return readings
