import WSScenario

/// What a run leaves alone by default where the target is not this machine.
///
/// Others share the network and the target, and a firewall may take many connections or megabytes for an attack.
package enum RemoteTarget {
    /// The most conversations in flight, unless the user says otherwise.
    package static let jobs = 4
    /// The most octets of content that a case of the topic `limits` sends, unless the user asks for more.
    static let content = 1 << 20

    /// The pattern that brings large cases in.
    package static let pattern = "limits/*"

    /// Whether a scenario sends many megabytes.
    static func isLarge(_ scenario: Scenario) -> Bool {
        scenario.id.hasPrefix("limits/") && scenario.script.reduce(0) { $0 + $1.content } > content
    }
}

extension Step {
    /// The octets of content in the frames that the step sends.
    fileprivate var content: Int {
        switch self {
        case .send(let frame): frame.payload.count
        case .sendMessage(let message): message.payload.count
        case .sendRun(let run): run.count * run.frame.payload.count
        case .continueFrame(let payload): payload.count
        case .echoLoop(let loop): loop.count(at: .quick) * loop.payload.count
        default: 0
        }
    }
}
