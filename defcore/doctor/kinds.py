"""Every kind of finding: why it matters, and what to do. Scripts may rely on the names."""

from __future__ import annotations

_FINE = "Nothing to do."

KINDS: dict[str, tuple[str, str]] = {
    # -- log-in ----------------------------------------------------------------------------------------------------
    "login": ("Every test begins with a token of this user.", _FINE),
    "login-refused": (
        "Without a token nothing can be tested.",
        "Correct the entry in clouds.yaml; openstack --os-cloud {entry} token issue must work.",
    ),
    "cloud-unreachable": (
        "Without a token nothing can be tested.",
        "Check auth_url, name resolution, firewall and proxy (HTTPS_PROXY, NO_PROXY); then try again.",
    ),
    "no-project": (
        "Services and resources belong to a project; without one the catalogue is empty.",
        "Name the project (project_name and project_domain_name, or project_id) in the entry {entry}.",
    ),
    "rights": ("What an administrator may do says nothing of what a customer may do.", _FINE),
    "too-many-rights": (
        "An administrator passes where an ordinary user is turned away: defects of access control stay hidden.",
        "Test as a user with an ordinary role, such as member, and nothing more.",
    ),
    "one-time-login": (
        "Each worker logs in by itself, and a passcode is good for one log-in.",
        "Use an application credential: openstack application credential create defcore.",
    ),
    "token-life": ("A run outlives a short token; whoever has a password just gets another one.", _FINE),
    "token-short": (
        "When the token ends before the run does, the tests that come later end as errors.",
        "Put a fresh token into the entry {entry}, or use a password or an application credential.",
    ),
    "clock": ("Temporary URLs, expiring objects and tokens are judged by the clocks of both sides.", _FINE),
    "clock-off": (
        "Temporary URLs, expiring objects and tokens are judged by the clocks of both sides, so their tests may fail.",
        "Set the clock of the side that is wrong; NTP keeps it right.",
    ),
    # -- TLS -------------------------------------------------------------------------------------------------------
    "tls": ("A valid certificate shows that it is this cloud that is tested.", _FINE),
    "tls-invalid": (
        "Requests to this address end before they begin.",
        "Name the CA with cacert: in clouds.yaml, or have the certificate renewed.",
    ),
    "tls-ends-soon": ("When it ends, so does everything that uses the cloud.", "Have it renewed."),
    "tls-unverified": (
        "With verify: false nobody knows who answered, nor who read the password.",
        "Name the CA with cacert: in clouds.yaml, and drop verify: false and insecure: true.",
    ),
    "token-in-clear": (
        "The log-in is protected by TLS, but this address gets the same token for everybody on the way to read.",
        "Give the service an https address in the catalogue.",
    ),
    "no-tls": (
        "Passwords and tokens cross the network for everybody to read.",
        "Use https, unless this network is yours alone.",
    ),
    # -- catalogue -------------------------------------------------------------------------------------------------
    "catalogue": ("Tests find every service in the catalogue, as any client does.", _FINE),
    "unknown-region": (
        "In a region that the catalogue does not have no service is found.",
        "Set region_name in the entry {entry} to one of: {known}.",
    ),
    "several-regions": (
        "Without region_name it is chance which region is tested, and a report is about one region.",
        "Set region_name in the entry {entry} to one of: {known}.",
    ),
    "no-service": (
        "Its tests will be unsupported, so a program that requires them cannot be passed.",
        "If there is none, name a program without it (--program); else check region_name and {key}_endpoint_override.",
    ),
    "other-interface": (
        "Its tests will be unsupported: customers use the public interface, and so does the catalogue's reader.",
        "Set interface in the entry {entry} to one of: {known}; for customers it should be public.",
    ),
    "odd-url": (
        "No client can use such an address.",
        "Correct the endpoint in the catalogue (openstack endpoint set), or override it in clouds.yaml.",
    ),
    "doubled": (
        "Which of them is used is up to the client.",
        "Remove all but one: openstack endpoint list, openstack endpoint delete.",
    ),
    "foreign-account": (
        "Tests would work in somebody else's account, or be denied.",
        "Write %(project_id)s in the endpoint override, in place of the id of one project.",
    ),
    # -- services --------------------------------------------------------------------------------------------------
    "service": ("The program's tests talk to it.", _FINE),
    "no-answer": ("Its tests will end as errors, and nothing can be judged.", "See that it runs and can be reached."),
    "service-error": ("Its tests will end as errors or failures.", "Look into its log."),
    "access-denied": (
        "Nearly all of its tests will fail.",
        "Give the user the role that this service asks for; for an object store mostly member or swiftoperator.",
    ),
    "odd-answer": (
        "The tests will judge it; but that it cannot be read keeps the doctor from seeing more.",
        "Look whether the address leads to the right service.",
    ),
    "not-needed": ("The program does not need them, but its users meet them.", "See that they run, or remove them."),
    "too-slow": ("A cloud as slow as this will let tests run out of time.", "Try again; look what is slow."),
    # -- further credentials ---------------------------------------------------------------------------------------
    "credential": ("Some tests need a second person.", _FINE),
    "missing-credential": (
        "These tests will not be run: {tests}.",
        "Add an entry {entry} to clouds.yaml, or name one with --{role}: {person}.",
    ),
    "missing-password": (
        "These tests will not be run: {tests}.",
        "Use an entry with user and password, if these tests matter; all others work without.",
    ),
    "credential-refused": ("These tests will end as errors: {tests}.", "Correct the entry {entry} in clouds.yaml."),
    "same-project": (
        "It must be another project; as it is, these tests would show nothing: {tests}.",
        "Let the entry {entry} lead to a project of its own.",
    ),
    "same-user": (
        "Its password is changed for a while, so these tests will not be run: {tests}.",
        "Let the entry {entry} be a user that nobody else uses, and that logs in with a password.",
    ),
    "not-empty": (
        "One test lists an account in which nothing was ever stored; this one will fail: {tests}.",
        "Let the entry {entry} lead to a fresh project, and store nothing there.",
    ),
    "reads-all": (
        "It can read an account that nobody shared with it, so it hides defects of access control.",
        "Let the entry {entry} be a user with an ordinary role in a project of its own.",
    ),
    "no-reseller": (
        "Only a ResellerAdmin may set the quota of an account; these tests will fail: {tests}.",
        "Give the user of the entry {entry} the role ResellerAdmin (in Swift: reseller_admin_role).",
    ),
    "not-a-reader": (
        "A user that may write shows nothing of what a reader may not do: {tests}.",
        "Let the entry {entry} be a user with the role reader and no other.",
    ),
    # -- what the tests use ----------------------------------------------------------------------------------------
    "room": ("The run creates resources and deletes them again.", _FINE),
    "no-room": (
        "Tests that cannot create what they need fail.",
        "Raise the quota, or delete what is no longer used.",
    ),
    "little-room": (
        "Fewer tests are at work at once than was asked for, and the run takes longer.",
        "Raise the quota, or delete what is no longer used, if time matters.",
    ),
    "leftovers": (
        "Something that was killed left it behind, and it counts against the quota.",
        "End it with: defcore reap --cloud {entry}.",
    ),
    "missing-extension": ("These tests will be unsupported: {tests}.", "Switch it on, if the cloud is to offer it."),
    "no-info": (
        "Without /info nobody can see what the cluster offers; tests of extensions are run in any case.",
        "Switch discoverability on (in Swift: expose_info).",
    ),
    "no-image": ("A server needs an image.", "Upload one that is public, or belongs to the project."),
    "no-flavor": ("A server needs a flavor, and a resize another one.", "Give the project access to {count}."),
    "no-network": (
        "A server that is to be reached needs a network outside.",
        "Give the project access to an external network.",
    ),
}
