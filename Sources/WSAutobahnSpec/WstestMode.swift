/// A mode of `wstest`.
package enum WstestMode: Sendable, Hashable {
    /// It reads a spec file.
    case fuzzing(FuzzingMode)
    /// An echo server: `echoserver` or `testeeserver`.
    case echo
    /// It is not carried out; the line says which command replaces it.
    case replaced(String)

    /// The mode of this name; nil if `wstest` has none.
    package init?(named name: String) {
        if let mode = FuzzingMode(rawValue: name) {
            self = .fuzzing(mode)
        } else if name == "echoserver" || name == "testeeserver" {
            self = .echo
        } else if let line = Self.replacements[name] {
            self = .replaced("mode '\(name)' is not done; \(line)")
        } else {
            return nil
        }
    }

    /// The names of the modes that are carried out.
    package static let done = ["fuzzingclient", "fuzzingserver", "echoserver", "testeeserver"]

    /// What takes the place of the other modes, also of those that old releases had.
    private static let replacements: [String: String] = {
        let client = "wsconform client --embedded runs the built-in client through the cases"
        let broadcast = "wsconform server URL recognises a server that broadcasts, and tests it"
        let connections =
            "closest is wsconform server URL --cases defect/resets-of-500-connections "
            + "--cases defect/all-length-bits-on-200-connections, which open hundreds at a time"
        let wamp = "WAMP is not tested; wsconform server URL tests the WebSocket below it"
        let speed = "speed is not measured; wsconform server URL --cases tag:load sends much"
        return [
            "echoclient": client, "testeeclient": client,
            "broadcastclient": broadcast, "broadcastserver": broadcast,
            "massconnect": connections,
            "serializer": wamp, "wampserver": wamp, "wampclient": wamp, "wamptesteeserver": wamp,
            "fuzzingwampserver": wamp, "fuzzingwampclient": wamp,
            "wsperfcontrol": speed, "wsperfmaster": speed,
            "web": "wsconform client serves its page for browsers itself",
            "import": "wsconform wstest -m fuzzingclient -s SPEC reads spec files as they are",
            "export": "wsconform wstest -m fuzzingclient -s SPEC reads spec files as they are",
        ]
    }()
}
