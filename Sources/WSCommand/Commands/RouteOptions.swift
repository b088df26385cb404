import ArgumentParser
import WSConform
import WSLink
import WSRunner
import WSTransport

/// The options for how connections get to a server.
struct RouteOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Connect to this place, and speak to the name in the address, as with curl: HOST:PORT, or unix:///PATH.",
            valueName: "host:port"
        ),
        transform: RouteOptions.endpoint
    )
    var connectTo: Endpoint?

    /// The route that the options describe.
    ///
    /// - Parameter target: The address of the server; nil for the built-in one.
    /// - Throws: `ValidationError` with one line if they do not fit the address.
    func route(to target: TargetURL?) throws -> Route {
        if connectTo != nil, target?.socketPath != nil {
            throw ValidationError("--connect-to needs the name of a host in the address; write ws://HOST/PATH")
        }
        if connectTo != nil, target == nil {
            throw ValidationError(
                "--connect-to needs an address whose name is spoken to; write ws://HOST/PATH before it"
            )
        }
        var route = Route()
        route.connectTo = connectTo
        return route
    }

    @Sendable
    private static func endpoint(_ text: String) throws -> Endpoint {
        guard let endpoint = Endpoint(listening: text), endpoint.port != 0 else {
            throw ValidationError("'\(text)' is no place to connect to; write HOST:PORT, or unix:///PATH/OF/SOCKET")
        }
        if let problem = endpoint.problem { throw ValidationError(problem) }
        return endpoint
    }
}
