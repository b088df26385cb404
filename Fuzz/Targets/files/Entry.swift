import FuzzHarness
import WSToolFuzzing

private nonisolated(unsafe) var body = UserFileBody()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe Harness.run(&body, octets, count)
}
