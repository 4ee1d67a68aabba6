"""What we promise of compose.yaml and its schema cannot know. usage: check-compose.py COMPOSE_FILE"""

import os
import re
import sys

try:
    from ruamel.yaml import YAML

    load = YAML(typ="safe").load
except ImportError:
    import yaml

    load = yaml.safe_load

path = sys.argv[1]
here = os.path.dirname(os.path.abspath(path))
with open(path, encoding="utf-8") as file:
    compose = load(file)

problems = []
ONE_SHOT = {"migrate"}
# The image's own HEALTHCHECK probes these.
OUR_IMAGE = "turnpike"
MADE_LATER = ("./tls", "./acme")


def expect(fine, text):
    if not fine:
        problems.append(text)


def plain(text):
    """${NAME:-default} -> default"""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


for name, service in compose["services"].items():
    image = plain(service.get("image", ""))
    expect(service.get("read_only") is True, f"{name}: its files can be written")
    expect(service.get("cap_drop") == ["ALL"], f"{name}: keeps capabilities")
    expect("no-new-privileges:true" in service.get("security_opt", []), f"{name}: may gain privileges")
    expect("privileged" not in service, f"{name}: is privileged")
    expect("ports" not in service, f"{name}: publishes ports, which loses the callers' addresses")
    expect("max-size" in service.get("logging", {}).get("options", {}), f"{name}: its log grows without end")
    expect("mem_limit" in service, f"{name}: has no memory limit")
    expect("deploy" not in service, f"{name}: `deploy` beside mem_limit and pids_limit is refused by Docker")
    expect(":" in image and not image.endswith(":latest"), f"{name}: image {image} has no version")
    if name in ONE_SHOT:
        expect(service.get("restart") == "no", f"{name}: runs again and again")
    else:
        expect(service.get("restart") == "unless-stopped", f"{name}: stays down when it ends")
        expect("healthcheck" in service or image.startswith(OUR_IMAGE), f"{name}: nobody knows whether it is well")
    if image.startswith(OUR_IMAGE):
        expect(service.get("network_mode") == "host", f"{name}: would not see the routers' own addresses")
    for volume in service.get("volumes", []):
        source = plain(volume).split(":")[0]
        if source.startswith("./") and not source.startswith(MADE_LATER):
            expect(os.path.exists(os.path.join(here, source)), f"{name}: {source} does not exist")
        elif not source.startswith("."):
            expect(source in compose["volumes"], f"{name}: volume {source} is not declared")
    for other in service.get("depends_on", {}):
        expect(other in compose["services"], f"{name}: depends on {other}, which is not there")
    for secret in service.get("secrets", []):
        expect(secret in compose["secrets"], f"{name}: secret {secret} is not declared")

stores = [n for n, s in compose["services"].items() if "stores" in (s.get("networks") or {})]
expect(stores == ["postgres", "redis-durable", "redis-cache"], f"the stores' network has {stores}")
expect(compose["networks"]["stores"].get("internal") is True, "the stores can be reached from outside")
expect({"api-1", "api-2", "worker", "radius-auth", "radius-acct", "nginx", "prometheus", "grafana", "migrate"} <= set(compose["services"]), "a service is missing")

with open(os.path.join(here, "make-secrets.sh"), encoding="utf-8") as file:
    writer = file.read()
for store in stores:
    address = compose["services"][store]["networks"]["stores"]["ipv4_address"]
    expect(f"{address}:" in writer, f"make-secrets.sh does not write the address {address} of {store}")

print("\n".join(problems) or f"{len(compose['services'])} services keep the rules")
sys.exit(1 if problems else 0)
