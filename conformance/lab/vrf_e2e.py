# SPDX-License-Identifier: Apache-2.0
"""The VRF of the tunnel, end to end.

A plain interface named main-vrf stands in for a VRF: the client binds its
sockets to it by name in both cases. The device's default route leads into a
dead end, so that only bound sockets reach the name server and OVOC.
"""

from conformance.lab import namespaces, services
from conformance.lab.e2e_case import LabCase, main
from conformance.lab.namespaces import CLOUD_ADDRESS

DONE, SETTINGS, RESOLUTION, CONNECTION, INTERFACE = 0, 3, 4, 5, 10


class VrfTest(LabCase):
    """A device with main-vrf and a default route that leads nowhere."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        namespaces.move_uplink("main-vrf")

    def setUp(self) -> None:
        super().setUp()
        services.name_server(self.lab)

    def serve(self) -> None:
        """Starts OVOC."""
        self.lab.server(self.lab.authority.good())

    def test_main_vrf_is_used_when_it_exists(self) -> None:
        """Nothing is set: name resolution and tunnel go through it."""
        self.serve()
        client = self.lab.client(self.lab.settings())
        client.wait_for("tunnel_up")
        self.assert_tunnel_carries()

    def test_main_vrf_named_explicitly_is_used(self) -> None:
        """The same with WSTunVrf set."""
        self.serve()
        self.assert_exit(self.check(WSTunVrf="main-vrf"), DONE)

    def test_the_vrf_that_is_named_is_the_one_used(self) -> None:
        """Bound to the dead end, neither name nor address is reached."""
        self.serve()
        self.assert_exit(self.check(WSTunVrf="decoy"), RESOLUTION)
        self.assert_exit(self.check(WSTunVrf="decoy",
                                    WSTunServer=CLOUD_ADDRESS), CONNECTION)

    def test_a_vrf_named_but_absent_is_an_error_that_says_so(self) -> None:
        """Neither the check nor the client goes on without it."""
        for options in (["--check"], []):
            with self.subTest(options):
                client = self.lab.client(
                    self.lab.settings(WSTunVrf="no-such-vrf"), *options)
                client.wait(10)
                self.assert_exit(client, INTERFACE, SETTINGS)
                self.assertIn("no-such-vrf", client.tail())
                self.assertIn("WSTunVrf", client.tail())


class NoVrfTest(LabCase):
    """A device without any VRF."""

    def test_without_main_vrf_the_tunnel_comes_up_as_well(self) -> None:
        """main-vrf by default is used only if it exists."""
        self.tunnel()
        self.assert_tunnel_carries()

    def test_main_vrf_named_explicitly_must_exist(self) -> None:
        """The default name, but written into the settings."""
        services.name_server(self.lab)
        client = self.check(WSTunVrf="main-vrf")
        self.assert_exit(client, INTERFACE, SETTINGS)
        self.assertIn("main-vrf", client.tail())


if __name__ == "__main__":
    main()
