"""Organisations, their duty teams, and who acts in them: officers, service accounts, secondees."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cets.domains.agencies import shapes
from cets.kernel.ids import new_id


class Agency(models.Model):
    """A police force, a child-protection centre, or the national centre. Its name is no secret to the others."""

    sensitivity: ClassVar = {
        "id": "open",
        "code": "open",
        "name": "open",
        "country": "open",
        "is_centre": "open",
        "created_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)  # "ESX", part of every reference
    name = models.CharField(max_length=shapes.NAME)
    country = models.CharField(max_length=2)  # ISO 3166 alpha-2: national phone numbers are read with it
    is_centre = models.BooleanField(default=False)  # holds the deconfliction desk
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z][A-Z0-9]{1,11}$"), name="agency_code_shape"
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="agency_country_shape"),
            models.UniqueConstraint(
                fields=["is_centre"], condition=Q(is_centre=True), name="agency_one_centre"
            ),
            models.UniqueConstraint(Lower("name"), name="agency_name_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A team of an agency. The duty team answers the phone day and night and owns what has no person."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "name": "open",
        "is_duty": "open",
        "phone": "personal",
        "email": "personal",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    name = models.CharField(max_length=shapes.TEAM_NAME)
    is_duty = models.BooleanField(default=False)
    phone = models.CharField(max_length=shapes.PHONE, default="", blank=True)
    email = models.CharField(max_length=shapes.EMAIL, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("agency", Lower("name"), name="team_name_once_per_agency"),
            models.UniqueConstraint(fields=["agency"], condition=Q(is_duty=True), name="team_one_duty_team"),
        ]

    def __str__(self) -> str:
        return self.name


class LoginManager(BaseUserManager["Login"]):
    def get_by_natural_key(self, username: str | None) -> "Login":
        return self.get(name=shapes.as_login(username or ""))


class Login(AbstractBaseUser):
    """What a person signs in with, and nothing else: read before anybody is known, so it names no agency."""

    sensitivity: ClassVar = {
        "id": "open",
        "name": "personal",
        "email": "personal",
        "password": "secret",
        "has_one_time_password": "open",
        "last_login": "personal",
        "is_active": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=shapes.LOGIN, unique=True)  # in small letters: see shapes
    email = models.CharField(max_length=shapes.EMAIL, default="", blank=True)
    is_active = models.BooleanField(default=True)
    #: Somebody else knows the password: nothing opens before it is changed.
    has_one_time_password = models.BooleanField(default=False)

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    objects: ClassVar[LoginManager] = LoginManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=shapes.LOGIN_SHAPE), name="login_shape"),
        ]

    @property
    def username(self) -> str:
        return self.name


class Attempt(models.Model):
    """What the sign-in pages count until when (`attempts`): before anybody is known, so it names neither agency nor login."""

    sensitivity: ClassVar = {"key": "open", "value": "open", "expires_at": "open"}

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Officer(models.Model):
    """A person, or with `login` empty a service account (`is_service`), that acts for an agency."""

    sensitivity: ClassVar = {
        "id": "open",
        "agency": "open",
        "team": "open",
        "login": "open",
        "name": "personal",
        "phone": "personal",
        "email": "personal",
        "is_service": "open",
        "home_agency": "open",
        "joined_at": "open",
        "added_by": "open",
        "absent_at": "personal",
        "left_at": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    login = models.OneToOneField(Login, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=shapes.NAME)
    phone = models.CharField(max_length=shapes.PHONE, default="", blank=True)
    email = models.CharField(max_length=shapes.EMAIL, default="", blank=True)
    is_service = models.BooleanField(default=False)
    home_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+"
    )  # of a secondee
    joined_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)  # an officer of any agency; null: with the installation
    absent_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_service=True, login__isnull=True) | Q(is_service=False, login__isnull=False),
                name="officer_is_person_or_service",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """An officer holds a role since and until. Granted by two people (`approvals`), or by `cets init`."""

    sensitivity: ClassVar = {
        "id": "open",
        "officer": "open",
        "agency": "open",
        "role": "open",
        "granted_at": "open",
        "ended_at": "open",
        "approval_id": "open",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="grants")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    role = models.TextField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    approval_id = models.UUIDField(null=True)  # null: at init, or the service account made with its agency

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "role"], condition=Q(ended_at__isnull=True), name="role_held_once"
            ),
        ]
