package import WSProtocol

/// Requirements that have a scenario and that no defect of the model peer breaks in a way that is held against it, with
/// the reasons.
package enum Unexercised {
    /// Why no defect exercises the requirement; nil where none is known.
    package static func reason(of requirement: Requirement, testing role: Role) -> String? {
        if let reason = reasons(testing: role)[requirement.id] { return reason }
        return requirement.level == .may ? permission : nil
    }

    /// The reasons for the requirements that are more than a permission.
    package static func reasons(testing role: Role) -> [String: String] {
        role == .server ? ofServers : ofClients
    }

    private static let permission =
        "a permission of the peer's own, which nobody breaks by using it or by not using it"

    private static let ofServers = [
        "RFC6455-9.1-05": registered,
        "IANA-extension-01": registered,
        "RFC9110-6.6.1-01": "whether a server has a clock cannot be seen, so that who sends no Date is tolerated",
        "RFC9112-3-02": anotherStatus,
        "RFC9110-9.1-02": anotherStatus,
        "RFC9112-2.2-08": anotherStatus,
        "RFC9112-3-01": anotherStatus,
        "RFC9112-3.2-01": anotherStatus,
        "RFC6455-5.5.1-15":
            "only a server that closes of its own accord sends Close at once with us, and it may as well not",
        "RFC6455-10.2-01": "which origins a server takes is its policy, which is told and held against nobody",
        "RFC7692-7.1.1.1-04": "who declines an offer with it agrees to nothing, and is told to be without compression",
    ]

    private static let ofClients = [
        "RFC6455-4.3-03": offered,
        "RFC6455-9.1-02": offered,
        "RFC6455-9.1-05": registered,
        "IANA-extension-01": registered,
        "RFC7692-5-01": "a client that does not name it offers nothing, which it may",
        "RFC9110-7.8-07": "a frame inside the request makes it no request of HTTP, which is found first",
        "RFC9112-5.2-03": "no server may send a folded line, so that who refuses one is tolerated",
    ]

    private static let registered =
        "the registry may grow after the tester was made, so that an unregistered name is tolerated"
    private static let anotherStatus = "any other 4xx or 5xx refuses the request, too, and is tolerated at most"
    private static let offered = "an offer outside the grammar may be declined, so that who makes one is tolerated"
}
