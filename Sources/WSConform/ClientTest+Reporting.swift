import WSProcess
import WSReport
import WSRunFolder

/// What reports of a run against clients say of it.
extension ClientTest {
    /// The name of the client under test.
    var agent: String {
        if let agent = settings.agent { return agent }
        return switch way {
        case .listen: "client"
        case .command(let command), .driver(let command): CommandLauncher.agentName(of: command)
        case .embedded: "wsconform/\(ToolIdentity.version)"
        case .launched: "client"
        }
    }

    /// The options that reports name.
    var reportOptions: Report.Options {
        var options = settings.inReports
        options.subprotocols = subprotocols
        options.listen = isAddressGiven ? "\(tls == nil ? "" : "wss://")\(address)" : nil
        options.tls = tls?.inReports
        options.http2 = isHTTP2 ? true : nil
        options.allowedOrigins = allowedOrigins
        switch way {
        case .listen, .launched: break
        case .embedded:
            options.embedded = true
            options.defects = embeddedDefects?.names
        case .command(let command), .driver(let command): options.command = command
        }
        if case .driver = way { options.driver = true }
        return options
    }
}
