@sut:server
Feature: Requests for what the Controlling Server has not allocated

  Rule: A Conference-factory-URI that does not exist (11.1)

    @11.1-p1
    Scenario: a URI-list sent to a factory that is not allocated
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to an unallocated conference factory with Bob and Ted
      Then Alice is answered 404 Not Found
      And Bob does not receive the message

  Rule: A Conference URI or group URI that does not exist (11.2)

    @11.2-p1
    Scenario: a message to a group that is not allocated
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice sends a pager-mode message to an unallocated group
      Then Alice is answered 404 Not Found
