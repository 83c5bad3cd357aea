"""Check a signed report without defcore: python3 verify_alone.py report.dsse.json vendor.pub (needs OpenSSL 3)."""
import base64, gzip, hashlib, json, re, subprocess, sys, tempfile

DER = {"ssh-ed25519": ("302a300506032b6570032100", 32),
       "ecdsa-sha2-nistp256": ("3059301306072a8648ce3d020106082a8648ce3d030107034200", 65)}
OPENSSL = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in signed -sigfile signature"
report, (kind, material) = json.load(open(sys.argv[1], "rb")), open(sys.argv[2]).read().split()[:2]
payload, name, (head, size) = base64.b64decode(report["payload"]), report["payloadType"].encode(), DER[kind]
with tempfile.TemporaryDirectory() as folder:
    for file, data in (("key", bytes.fromhex(head) + base64.b64decode(material)[-size:]),
                       ("signed", b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)),
                       ("signature", base64.b64decode(report["signatures"][0]["sig"]))):
        open(f"{folder}/{file}", "wb").write(data)
    subprocess.run(OPENSSL.split(), cwd=folder, check=True)
said = json.loads(payload)["predicate"]
content = gzip.decompress(base64.b64decode(said["guideline"]["content"]))
hashlib.sha256(content).hexdigest() == said["guideline"]["digest"] or sys.exit("its guideline was swapped")
guideline, uuid = json.loads(content), lambda test: test["idempotent_id"].removeprefix("id-")
tests = {name: item["tests"].values() for name, item in guideline["capabilities"].items()}
every = {uuid(test) for found in tests.values() for test in found}
found = said.get("results") or [item | {"outcome": "passed"} for item in said["passed"]]  # full report, or public one
ids = [item["id"] for item in found]
complete = every.issuperset(ids) if "passed" in said else every == set(ids)
(complete and len(set(ids)) == len(ids)) or sys.exit("it does not hold the tests of its guideline, each once")
parts = next((v["components"] for k, v in guideline["platforms"].items()
              if re.sub("[^a-z0-9]+", "-", k.lower()) == said["program"]), [{"name": said["program"]}])
wanted = {uuid(test) for part in parts for name in guideline["components"][part["name"]]["capabilities"]["required"]
          for test in tests[name] if "flagged" not in test}
passed = wanted & {item["id"] for item in found if item["outcome"] == "passed"}
print(said["target"]["vendor"], said["target"]["product"], said["program"], f"{len(passed)} of {len(wanted)} passed")
