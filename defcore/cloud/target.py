"""A cloud that we are logged in to: token, catalogue, endpoints."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from keystoneauth1 import exceptions as ksa
from keystoneauth1 import loading, session
from urllib3.exceptions import HTTPError as Urllib3Error

from defcore.cloud.access import Access, read_access
from defcore.cloud.http import BUSY, Policy, wait
from defcore.errors import CloudError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from keystoneauth1.identity import BaseIdentityPlugin

    from defcore.cloud.credential import Credential

CONNECT_SECONDS = 10
_REFUSED = {
    "password": "check user, password, project and domains in clouds.yaml",
    "token": "the token may have expired; put a new one into clouds.yaml",
    "applicationcredential": "check id and secret in clouds.yaml; it may have expired, or been deleted with its user",
}
# Its debug lines hold request bodies.
logging.getLogger("keystoneauth").setLevel(logging.ERROR)


class Target:
    """One credential, logged in when first needed.

    Raises InputError for wrong credentials, CloudError for a cloud that does not answer.
    """

    def __init__(
        self,
        credential: Credential,
        *,
        timeout: float = 30,
        policy: Policy | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Take the credential; ``timeout`` in seconds bounds each request of the log-in.

        A log-in that meets a busy Keystone or a broken line is tried again as ``policy`` says; ``tell`` hears of it.
        """
        self.credential = credential
        self._policy = policy or Policy()
        self._tell = tell
        try:
            loader: Any = loading.get_plugin_loader(credential.auth_type)
            options = {item.dest for item in loader.get_options()}
            known = {key: value for key, value in credential.auth.items() if key in options}
            self._plugin: BaseIdentityPlugin = loader.load_from_options(**known)
        except (ksa.ClientException, TypeError, ValueError) as error:
            hint = "check auth_type and the fields below auth"
            raise InputError("bad-credentials", f"{error}", where=f"cloud {credential.name}", hint=hint) from error
        self._session = session.Session(
            auth=self._plugin,
            verify=credential.verify,
            cert=credential.cert,
            timeout=timeout,
            connect_retries=0,
        )

    def _call(self, function: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the function gives
        where = f"cloud {self.credential.name}"
        url = self.auth_url
        try:
            return self._patiently(function)
        except (ksa.Unauthorized, ksa.NotFound) as error:
            kind = self.credential.auth_type.removeprefix("v3")
            # A token or an application credential that Keystone does not know is not found; for others the address is.
            if isinstance(error, ksa.NotFound) and kind not in {"token", "applicationcredential"}:
                raise _not_keystone(url, where, error) from error
            hint = _REFUSED.get(kind, _REFUSED["password"])
            raise InputError("wrong-credentials", f"{url} refuses the log-in", where=where, hint=hint) from error
        except ksa.BadRequest as error:
            hint = "name the domains: user_domain_name and project_domain_name in clouds.yaml"
            raise InputError(
                "wrong-credentials", f"{url} does not take the log-in: {error}", where=where, hint=hint
            ) from error
        except ksa.SSLError as error:
            hint = "name the CA with cacert: in clouds.yaml"
            raise CloudError("tls", f"{url} has no valid TLS certificate", where=where, hint=hint) from error
        except (ksa.ConnectionError, ksa.HttpServerError, ksa.TooManyRequests) as error:
            kind = "takes too long to answer" if isinstance(error, ksa.ConnectTimeout) else "does not answer"
            hint = "is the address right, and the cloud up?"
            raise CloudError("cloud-unreachable", f"{url} {kind}", where=where, hint=hint) from error
        except ksa.ClientException as error:
            raise _not_keystone(url, where, error) from error
        except (OSError, LookupError, TypeError, ValueError, AttributeError, Urllib3Error) as error:
            # keystoneauth lets through what an address, a CA file or an answer of the wrong shape brings about.
            hint = "check auth_url and cacert in clouds.yaml"
            raise InputError("bad-auth-url", f"{url}: {error}", where=where, hint=hint) from error

    def _patiently(self, function: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the function gives
        for attempt in range(1, self._policy.retries + 1):
            try:
                return function()
            except (ksa.ConnectFailure, ksa.UnknownConnectionError) as error:
                found, asked = type(error).__name__, None
            except ksa.HttpError as error:
                if error.http_status not in BUSY:
                    raise
                found, asked = f"status {error.http_status}", str(error.retry_after or "")
            self._tell(f"the log-in of {self.credential.name} was tried again, attempt {attempt + 1}: {found}")
            time.sleep(wait(self._policy, asked, attempt))
        return function()

    @property
    def auth_url(self) -> str:
        """Where we log in."""
        return str(self.credential.auth["auth_url"]).rstrip("/")

    def token(self) -> str:
        """Return a valid token, logging in when there is none."""
        return str(self._call(self._session.get_token))

    def renew(self) -> str:
        """Forget the token and log in anew."""
        self._plugin.invalidate()
        return self.token()

    @property
    def project_id(self) -> str:
        """The project that the token is scoped to."""
        return str(self._call(self._session.get_project_id))

    @property
    def user_id(self) -> str:
        """The user that the token belongs to."""
        return str(self._call(self._session.get_user_id))

    def endpoint(self, service_type: str) -> str | None:
        """Return the base URL of a service without a slash at the end, or None: the catalogue lacks it."""
        if override := self.credential.endpoints.get(service_type):
            return self._filled(override).rstrip("/")
        url = self._call(lambda: self._in_catalogue(service_type))
        return str(url).rstrip("/") if url else None

    def _in_catalogue(self, service_type: str) -> str | None:
        try:
            found: str | None = self._session.get_endpoint(
                service_type=service_type,
                interface=self.credential.interfaces.get(service_type, self.credential.interface),
                region_name=self.credential.regions.get(service_type, self.credential.region),
                skip_discovery=True,
            )
        except ksa.EndpointNotFound:
            return None
        return found

    def _filled(self, override: str) -> str:
        """Fill in what keystoneauth fills in too: the id of our project, or of our user."""
        for word in ("project_id", "user_id"):
            if f"%({word})s" in override:
                override = override.replace(f"%({word})s", getattr(self, word))
        return override

    def access(self) -> Access:
        """Return what the token tells of us and of the cloud, logging in when there is none."""
        found: Access = self._call(lambda: read_access(self._plugin.get_access(self._session)))
        return found

    def identity_url(self) -> str:
        """Return Keystone's versioned base URL, ending in ``/v3``."""
        url = self.endpoint("identity") or self.auth_url
        return url if url.endswith("/v3") else f"{url}/v3"

    def catalogue(self) -> dict[str, str]:
        """Map each service type to its URL in our region; what is set for a service alone takes its place."""
        access = self._call(lambda: self._plugin.get_access(self._session))
        urls = access.service_catalog.get_endpoints_data(
            interface=self.credential.interface, region_name=self.credential.region
        )
        found = {kind: str(items[0].url) for kind, items in urls.items() if items}
        alone = {*self.credential.endpoints, *self.credential.regions, *self.credential.interfaces}
        found |= {kind: url for kind in alone if (url := self.endpoint(kind))}
        return dict(sorted(found.items()))

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be written: the credential's secrets and the token."""
        return (*self.credential.secrets(), self.token())


def _not_keystone(url: str, where: str, error: Exception) -> InputError:
    hint = "check auth_url: it should lead to Keystone, and mostly ends in /v3"
    return InputError("bad-auth-url", f"{url}: {error}", where=where, hint=hint)
