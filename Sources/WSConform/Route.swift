package import WSLink
import WSReport
import WSRunner

/// How connections get to a target, besides its address.
package struct Route: Sendable, Hashable {
    /// The endpoint to connect to in place of the one in the address; nil for that one.
    package var connectTo: Endpoint?

    /// Creates a route straight to the address.
    package init() {}

    /// Where connections to a target end.
    func endpoint(of target: TargetURL) -> Endpoint { connectTo ?? target.endpoint }

    /// Notes the route in the options of a report.
    func note(in options: inout Report.Options) {
        options.connectTo = connectTo?.description
    }

    /// The options of the command line that choose the route; credentials are masked.
    var words: [String] {
        connectTo.map { ["--connect-to", $0.description] } ?? []
    }
}
