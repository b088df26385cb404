import WSControl
import WSLink
import WSRunner
import WSScenario
import WSTransport

/// The addresses that every case can have; ``OwnPorts`` has those of single cases.
extension ClientTest {
    /// Listens on our usual address.
    func listen(
        _ holder: ControlServerHolder,
        _ security: (any ChannelSecurity)?
    ) async throws -> any Acceptor {
        let limit = settings.timeout.duration
        do {
            return try await Sockets.accept(at: address, connectTimeout: limit, security: security) {
                (waker: LinkWaker) in
                guard let controlServer = holder.controlServer else { return RefusedConnection() }
                return ConnectionRouter(controlServer, waker: waker)
            }
        } catch {
            let mend = error.mend.map { "\($0), or " } ?? ""
            throw RunTrouble("\(address) cannot be listened on: \(error); \(mend)choose another --listen")
        }
    }

    /// Listens on `::1` for the case about IPv6; nil if the machine has no IPv6, or the case is not selected.
    func listenOverIPv6(
        _ holder: ControlServerHolder,
        _ security: (any ChannelSecurity)?
    ) async -> (any Acceptor)? {
        guard case .tcp(let host, _) = address, host == "localhost" || host.hasPrefix("127."),
            plan.scenarios.contains(where: { $0.driver.action == .openOverIPv6 })
        else { return nil }
        let endpoint = Endpoint.tcp(host: "::1", port: 0)
        let limit = settings.timeout.duration
        return try? await Sockets.accept(at: endpoint, connectTimeout: limit, security: security) {
            (waker: LinkWaker) in
            guard let controlServer = holder.controlServer else { return RefusedConnection() }
            return ConnectionRouter(controlServer, waker: waker, at: controlServer.settings.authorityOfIPv6)
        }
    }
}
